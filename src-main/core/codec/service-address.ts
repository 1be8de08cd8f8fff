import { maxServiceAddressBytes } from './registry.ts';

const form = /^(?:\[[0-9A-Fa-f:.]+\]|[0-9A-Za-z.-]+):([1-9]\d{0,4})$/;
const maxPort = 65_535;

/** host:port of a masternode, or empty: it says nothing of where it is. */
export const isServiceAddress = (text: string): boolean =>
  text === '' || (text.length <= maxServiceAddressBytes && Number(form.exec(text)?.[1] ?? maxPort + 1) <= maxPort);
