/**
 * What the environment can do to the node: a full disk, a damaged file, a second process. Neither a bug (`InvariantError`) nor a peer's
 * doing (`Rejection`): it is retried, or shown to the person with what to do about it.
 */
export type OperationalErrorCode =
  | 'data-directory-in-use'
  | 'data-directory-unusable'
  | 'address-in-use'
  | 'address-unusable'
  | 'database-newer'
  | 'database-older'
  | 'database-foreign'
  | 'database-damaged'
  | 'wallet-file-damaged'
  | 'wallet-file-foreign'
  | 'wallet-vault-damaged'
  | 'database-busy'
  | 'disk-full'
  | 'disk-failure'
  | 'storage-stopped'
  | 'too-many-queries'
  | 'other-genesis'
  | 'worker-died';

export const whatToDo: Record<OperationalErrorCode, string> = {
  'data-directory-in-use': 'Another node uses this data directory. Stop it, or start this one with --datadir and another directory.',
  'data-directory-unusable': 'Check that this user may make, read and write the data directory and what is in it, or choose another with --datadir.',
  'address-in-use':
    'Another program listens there, or another node of yours. Stop it, or give this one another port: listen, rpc and web in config.toml, or --listen, --rpc and --web.',
  'address-unusable':
    'The system does not let a node listen there. Choose an address of this machine and a port from 1024 on: listen, rpc and web in config.toml, or --listen, --rpc and --web.',
  'database-newer': 'A later release has written this file. Install that release or a newer one; going back is not possible.',
  'database-older':
    'A development version has written this file, of a chain that no longer exists. Move it away and start again; wallet.vault and node.key stay as they are.',
  'database-foreign': 'This file belongs to another program. Choose another data directory with --datadir.',
  'database-damaged':
    'The file is damaged: check the disk. Then start once with --repair: the file is set aside, what binds this node’s signatures is kept, and the chain is fetched anew from peers. The wallet is not touched.',
  'wallet-file-damaged':
    'The file is damaged: check the disk. The money is safe, since its keys come from the words in wallet.vault. Move the file away and start again: addresses are found anew in the chain, labels come back with a backup of the file.',
  'wallet-file-foreign':
    'The addresses in wallet.sqlite are of other words than those in wallet.vault. Move wallet.sqlite away and start again: addresses are found anew in the chain, labels come back with a backup of the file.',
  'wallet-vault-damaged':
    'The file that holds the words of the wallet is damaged: check the disk. Put a copy of it in its place; or move it away, start again, and restore the wallet from its words or from a backup.',
  'database-busy': 'Another program keeps the database locked. Close database viewers, backup and virus scanners that have it open.',
  'disk-full': 'The disk is full. Free some space, then try again; a node that has stopped is started again. Nothing that was sent is lost.',
  'disk-failure': 'The disk or its file system reports an error. Check the disk before starting again; nothing that was sent is lost.',
  'storage-stopped': 'The node is stopping. Ask again after the next start.',
  'too-many-queries': 'Too many questions wait for an answer. Ask again in a moment.',
  'other-genesis': 'This data directory belongs to another network, or to another local network. Choose another with --datadir.',
  'worker-died': 'A part of the node ended unexpectedly, often for want of memory. Start again; nothing that was sent is lost.',
};

export class OperationalError extends Error {
  override readonly name = 'OperationalError';
  readonly code: OperationalErrorCode;
  readonly detail: string;

  /** `detail` names the file, directory or process, and what the system said. */
  constructor(code: OperationalErrorCode, detail: string, options?: ErrorOptions) {
    super(`${code}: ${detail}`, options);
    this.code = code;
    this.detail = detail;
  }

  get whatToDo(): string {
    return whatToDo[this.code];
  }
}
