import { createHash } from 'node:crypto';
import type { Shell } from './shell.js';

/** A named piece of compressed data. */
export interface Piece {
  readonly name: string;
  readonly base64: string;
}

const NOTHING_ELSE = "default-src 'none'; base-uri 'none'; form-action 'none'";
const ICON =
  'data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22 viewBox=%220 0 16 16%22%3E%3Cpath d=%22M2 9h3l2-6 3 11 2-5h2%22 fill=%22none%22 stroke=%22%23c2410c%22 stroke-width=%222%22/%3E%3C/svg%3E';

/** The page of a folder: its script, its style and its data are files beside it. */
export function linkedPage(): string {
  const policy = `${NOTHING_ELSE}; script-src 'self'; style-src 'self'; img-src 'self' data:; frame-src 'self'`;
  return html(policy, '<link rel="stylesheet" href="app.css">', '<script src="app.js"></script>');
}

/** The page in one file. Only its own script and style are allowed, by their hashes. */
export function wholePage({ js, css }: Shell, pieces: readonly Piece[]): string {
  const policy = `${NOTHING_ELSE}; script-src ${hashOf(js)}; style-src ${hashOf(css)}; img-src data:`;
  const data = pieces.map(({ name, base64 }) => `<script type="text/plain" data-piece="${name}">${base64}</script>`);
  return html(policy, `<style>${css}</style>`, `${data.join('\n')}\n<script>${js}</script>`);
}

/** The page of `chaos ui`: it asks the server that it came from. */
export function livePage(): string {
  const policy = `${NOTHING_ELSE}; script-src 'self'; style-src 'self'; img-src 'self' data:; frame-src 'self'; connect-src 'self'`;
  return html(policy, '<link rel="stylesheet" href="app.css">', '<script src="app.js" data-live="true"></script>');
}

function html(policy: string, style: string, scripts: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>Chaos report</title>
<link rel="icon" href="${ICON}">
${style}
</head>
<body>
<div id="app"><p class="loading">Opening the report…</p></div>
<noscript><p>This report needs JavaScript. The same results are in results.json.</p></noscript>
${scripts}
</body>
</html>
`;
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
