// The only place that writes HTML. The page is empty: one script, one style sheet, and data by message alone.

import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { ViewName } from '../../protocol/webview.ts';

/** Of an empty style element: the component toolkit puts one into each of its shadow roots before it fills it by script. */
const EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";

export function webviewRoots(context: vscode.ExtensionContext): vscode.Uri[] {
  return [vscode.Uri.joinPath(context.extensionUri, 'dist')];
}

export function webviewHtml(
  webview: vscode.Webview,
  context: vscode.ExtensionContext,
  view: ViewName,
  title: string,
): string {
  const asset = (file: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(context.extensionUri, 'dist', file)).toString();
  const nonce = randomBytes(16).toString('base64');
  const csp = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource} ${EMPTY_STYLE}`,
    `font-src ${webview.cspSource}`,
    `img-src ${webview.cspSource}`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${escape(vscode.env.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${csp}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<link rel="stylesheet" href="${asset('webview.css')}">
</head>
<body data-view="${view}">
<main id="root"></main>
<script nonce="${nonce}" src="${asset('webview.js')}"></script>
</body>
</html>`;
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
}
