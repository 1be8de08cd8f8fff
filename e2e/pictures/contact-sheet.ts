import { pictureName, variants } from './scene.ts';
import { scenes } from './scenes.ts';

const style = `
body { margin: 24px; font: 14px/1.45 system-ui, sans-serif; background: #888; color: #fff; }
h2 { margin: 32px 0 8px; font-size: 16px; }
.row { display: flex; flex-wrap: wrap; gap: 12px; }
figure { margin: 0; }
figcaption { font-size: 12px; }
img { display: block; width: 480px; }
`;

/** A page with every picture that is there, scene by scene; each leads to itself at its own size. */
export function contactSheet(isThere: (name: string) => boolean): string {
  const sections = scenes.map((scene) => {
    const names = variants.flatMap((variant) => variant.shots.map((shot) => pictureName(scene, variant, shot))).filter(isThere);
    const figures = names.map(
      (name) => `<figure><a href="${name}"><img src="${name}" alt="${name}" loading="lazy"></a><figcaption>${name}</figcaption></figure>`,
    );
    return names.length === 0
      ? ''
      : `<section id="${scene.page}-${scene.state}"><h2>${scene.page}: ${scene.state}</h2><div class="row">${figures.join('\n')}</div></section>`;
  });
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>TIME Masternode, every page</title><style>${style}</style>\n${sections.join('\n')}\n</html>\n`;
}
