/** The wallet that is there when a new one is to be made: it is moved aside, and its owner asked if it has a passphrase. */
export interface Replaced {
  readonly asksPassphrase: boolean;
}

export interface MakingProps {
  readonly replaced: Replaced | undefined;
  /** Play money needs no passphrase. */
  readonly mayBeEmpty: boolean;
  readonly onBack: () => void;
  readonly onMade: () => void;
}
