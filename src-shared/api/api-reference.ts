import { reasonWords } from '../domain/reason-words.ts';
import { transactionReasons } from '../domain/rejection-code.ts';
import { methods } from './contract.ts';
import { groups, groupTitles, namesOf, textOf } from './help.ts';

const reasons = [
  '## Reasons',
  'Why a transaction is not taken, or did not become final: of a transaction in `reason`, of an error in `data.rejection`.',
  ['| reason | meaning |', '|---|---|', ...transactionReasons.map((reason) => `| ${reason} | ${reasonWords[reason]} |`)].join('\n'),
].join('\n\n');

/** docs/api.md. */
export function apiReference(): string {
  const sections = groups.map((group) =>
    [`## ${groupTitles[group]}`, ...namesOf(group).map((name) => `### ${name}\n\n${methods[name].summary}\n\n\`\`\`\n${textOf(name)}\n\`\`\``)].join('\n\n'),
  );
  return [
    '# The interface of a node',
    'Made from the contract in `src-shared/api` by `scripts/generate-api-docs.ts`; change that and run it again. Every method can be called from the window, the\nbrowser, JSON-RPC and `time-cli`, with its parameters by name or as a list in the order given here.',
    'Names follow Bitcoin Core’s where the thing exists there. What differs: amounts are decimal strings of TIME, never numbers; moments are milliseconds\nsince 1970, since finality is told in milliseconds, also the end of a ban that `setban` takes with `absolute`, while pings and `timeoffset` are seconds as in Core,\nwith fractions; `setban` also takes a node public key; `listtransactions` is newest first;\n`getbalance` takes an account alone, since what is final needs no `minconf`; `getrawmempool` has no sequence, and of each transaction its `size` and the nearest relatives.',
    'Besides its own errors every method may answer `-32602 invalid-params` and `-32603 internal`.',
    ...sections,
    reasons,
  ]
    .join('\n\n')
    .concat('\n');
}
