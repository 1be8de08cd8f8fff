import { styleNonce } from './csp.ts';
import './language.ts';
import '@fontsource-variable/inter/index.css';
import '@fontsource-variable/jetbrains-mono/index.css';
import '@mantine/core/styles.css';
import './ui/base.css';
import './ui/table.css';
import { MantineProvider } from '@mantine/core';
import { createRoot } from 'react-dom/client';
import { connect } from './api/connect.ts';
import { App } from './app.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { ConnectionContext } from './stores/client-context.ts';
import { setMisunderstood, setStatus } from './stores/connection-store.ts';
import { language } from './text/language.ts';
import { keepFocus } from './ui/keep-focus.ts';
import { cssVariables, theme } from './ui/theme.ts';

document.documentElement.lang = language;
const root = document.getElementById('root');
if (root === null) throw new Error('the page has no root');
const connection = connect({ onStatus: setStatus, onMisunderstood: setMisunderstood });
keepFocus();
createRoot(root).render(
  <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto" getStyleNonce={() => styleNonce}>
    <ConnectionContext value={connection}>
      <ErrorBoundary>
        <App />
      </ErrorBoundary>
    </ConnectionContext>
  </MantineProvider>,
);
