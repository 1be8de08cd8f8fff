/** An address, an amount and a label of a hundred characters, each of which takes up to nine when encoded. */
const maxLinkCharacters = 2_000;

/**
 * Of what a start was given, the link: systems hand it over as one more argument. It may come from anywhere and say anything; the page, which takes it
 * apart, fills its form with a right one and says of a wrong one what is wrong.
 */
export const linkAmong = (args: readonly string[]): string | undefined =>
  args.find((arg) => arg.length <= maxLinkCharacters && arg.isWellFormed() && /^timecoin:/i.test(arg));
