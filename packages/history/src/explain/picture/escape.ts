import { plainText } from '../../describe/plain-text.js';

/** Text for HTML and SVG. */
export function escapeText(text: string): string {
  const lines = text.split('\n').map(plainText).join('\n');
  return lines.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
