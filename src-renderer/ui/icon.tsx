/** Drawn here, 16 by 16, one stroke: a dozen icons need no package. */
const paths = {
  overview: 'M2.5 9.5a5.5 5.5 0 0 1 11 0M8 9.5l2.5-3M2.5 12.5h11',
  peers:
    'M8 6V4M5.4 9.3 4.2 10.4M10.6 9.3l1.2 1.1M8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4M8 4a1.25 1.25 0 1 0 0-2.5A1.25 1.25 0 0 0 8 4M3.3 12.6a1.25 1.25 0 1 0 0-2.5 1.25 1.25 0 0 0 0 2.5M12.7 12.6a1.25 1.25 0 1 0 0-2.5 1.25 1.25 0 0 0 0 2.5',
  masternodes: 'M2.5 3h11v4h-11zM2.5 9h11v4h-11zM5 5h.01M5 11h.01M8 5h3M8 11h3',
  consensus: 'M2.5 8.5 5 11l4-6M8.5 10.5l.5.5 4.5-6',
  wallet: 'M2.5 5h10a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1V4.2a1 1 0 0 1 1-1h7.5V5M11 9h.01',
  console: 'M2.5 3h11v10h-11zM5 6l2 2-2 2M8.5 10h2.5',
  logs: 'M3 3.5h10M3 6.5h7M3 9.5h10M3 12.5h5',
  explorer: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9M10.3 10.3l3.2 3.2',
  settings: 'M2.5 4.5h5M10.5 4.5h3M9 6a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3M2.5 11.5h2M7.5 11.5h6M6 13a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3',
  copy: 'M6 6h7v7H6zM10 6V3H3v7h3',
  check: 'M3 8.5 6.5 12 13 4.5',
  cross: 'M4 4l8 8M12 4l-8 8',
  alert: 'M8 5v3.5M8 11h.01M8 1.8 14.5 13.5h-13z',
  light: 'M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6M8 1.5V3M8 13v1.5M1.5 8H3M13 8h1.5M3.4 3.4l1 1M11.6 11.6l1 1M3.4 12.6l1-1M11.6 4.4l1-1',
  dark: 'M13 9.5A5.5 5.5 0 1 1 6.5 3a4.5 4.5 0 0 0 6.5 6.5',
  system: 'M2 3h12v8H2zM6 13.5h4M8 11v2.5',
  language: 'M8 14a6 6 0 1 0 0-12 6 6 0 0 0 0 12M2 8h12M8 2c1.8 1.7 2.7 3.7 2.7 6s-.9 4.3-2.7 6c-1.8-1.7-2.7-3.7-2.7-6S6.2 3.7 8 2',
  inbound: 'M12 4 5 11M5 6v5h5',
  outbound: 'M4 12l7-7M6 5h5v5',
  reward: 'M8 2l1.8 3.8 4.2.6-3 2.9.7 4.2L8 11.5l-3.7 2 .7-4.2-3-2.9 4.2-.6z',
  circle: 'M8 13.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11',
  up: 'M4.5 9.5 8 6l3.5 3.5',
  down: 'M4.5 6.5 8 10l3.5-3.5',
  locked: 'M4 7.5h8v6H4zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5',
  unlocked: 'M4 7.5h8v6H4zM5.5 7.5V5a2.5 2.5 0 0 1 4.9-.7',
  shown: 'M1.5 8C3 5.2 5.3 3.8 8 3.8s5 1.4 6.5 4.2c-1.5 2.8-3.8 4.2-6.5 4.2S3 10.8 1.5 8M8 9.8a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6',
  hidden: 'M1.5 8C3 5.2 5.3 3.8 8 3.8s5 1.4 6.5 4.2c-1.5 2.8-3.8 4.2-6.5 4.2S3 10.8 1.5 8M3 13 13 3',
} as const;
export type IconName = keyof typeof paths;

interface IconProps {
  readonly name: IconName;
  readonly className?: string;
}

/** Decoration: the word beside it, or the label of its button, says what it means. */
export function Icon({ name, className }: IconProps) {
  return (
    <svg
      className={className}
      aria-hidden="true"
      viewBox="0 0 16 16"
      width="16"
      height="16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={paths[name]} />
    </svg>
  );
}
