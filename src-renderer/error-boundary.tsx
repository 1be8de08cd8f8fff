import { Button } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { text } from './text/text.ts';
import { EmptyPanel } from './ui/state-panel.tsx';

interface ErrorBoundaryProps {
  readonly children: ReactNode;
}

/** A page that fails says so; an empty window would look like a dead node. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { readonly failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { readonly failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <EmptyPanel advice={text.shell.crashed}>
        <Button onClick={() => location.reload()}>{text.shell.reload}</Button>
      </EmptyPanel>
    );
  }
}
