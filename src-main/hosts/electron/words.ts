/** Everything that the host itself says; what the page says is in the renderer's own catalogue. */
export const words = {
  appName: 'TIME Masternode',
  stopping: (stopped: number, total: number): string =>
    total <= 1 ? 'TIME Masternode: stopping…' : `TIME Masternode: stopping, ${stopped} of ${total} nodes…`,
  cannotStart: 'The node cannot start',
  cannotGoOn: 'The node had to stop',
  keepsRunning: { title: 'The node keeps running', body: 'It stays in the tray. Quit, in its menu, stops it.' },
  menu: {
    file: 'File',
    edit: 'Edit',
    view: 'View',
    window: 'Window',
    open: 'Open',
    quit: 'Quit',
    closeWindow: 'Close Window',
  },
} as const;
