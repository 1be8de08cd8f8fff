// In place of @types/qrcode (tsconfig.renderer.json), which pulls all of Node's types into the page's program.
export interface QrModules {
  /** Modules on a side. */
  readonly size: number;
  /** 1 where dark, row by row. */
  readonly data: Uint8Array;
}
declare const qrcode: { create(text: string, options?: { errorCorrectionLevel?: 'L' | 'M' | 'Q' | 'H' }): { readonly modules: QrModules } };
export default qrcode;
