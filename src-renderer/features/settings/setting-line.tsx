import type { ReactNode } from 'react';

interface SettingLineProps {
  readonly label: string;
  readonly means: string;
  readonly children: ReactNode;
}

/** One choice: what it is and means, and the control for it, which says the label itself to who cannot see it. */
export function SettingLine({ label, means, children }: SettingLineProps) {
  return (
    <div className="setting-line">
      <div>
        <p>{label}</p>
        <p className="small muted">{means}</p>
      </div>
      <div className="setting-control">{children}</div>
    </div>
  );
}
