import QRCode from 'qrcode';
import { useEffect, useRef } from 'react';
import { text } from '../../text/text.ts';

/** Scanners want four modules of quiet around the code. */
const quietModules = 4;
const sizePx = 168;

/** Dark on light in both themes, because many scanners read nothing else. */
export function QrCode({ content }: { readonly content: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (canvas.current === null || context === null || context === undefined) return;
    const { size, data } = QRCode.create(content, { errorCorrectionLevel: 'M' }).modules;
    const scale = Math.max(1, Math.floor((sizePx * devicePixelRatio) / (size + 2 * quietModules)));
    const side = (size + 2 * quietModules) * scale;
    canvas.current.width = side;
    canvas.current.height = side;
    context.fillStyle = '#ffffff';
    context.fillRect(0, 0, side, side);
    context.fillStyle = '#000000';
    for (const [index, dark] of data.entries()) {
      if (dark === 1) context.fillRect(((index % size) + quietModules) * scale, (Math.floor(index / size) + quietModules) * scale, scale, scale);
    }
  }, [content]);
  return <canvas ref={canvas} className="qr" role="img" aria-label={text.wallet.qrAlt(content)} />;
}
