import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { contactSheet } from './contact-sheet.ts';
import { picturesFolder } from './folder.ts';

/** After the last picture, also of a run that drew only some of them. */
export default function writeSheet(): void {
  mkdirSync(picturesFolder, { recursive: true });
  writeFileSync(
    join(picturesFolder, 'index.html'),
    contactSheet((name) => existsSync(join(picturesFolder, name))),
  );
}
