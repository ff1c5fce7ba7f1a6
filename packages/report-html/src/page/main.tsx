// oxlint-disable-next-line import/no-unassigned-import -- Style sheets have no names.
import 'uplot/dist/uPlot.min.css';
// oxlint-disable-next-line import/no-unassigned-import -- Style sheets have no names.
import './app.css';
import { render } from 'preact';
import { App } from './app.js';
import { fileSource } from './source/file-source.js';
import { liveSource } from './source/live-source.js';

const root = document.getElementById('app')!;

if (document.querySelector('script[data-live]') === null) openFile();
else follow();

function openFile(): void {
  const source = fileSource();
  source.index().then(
    (index) => {
      root.textContent = '';
      render(<App index={index} source={source} />, root);
    },
    (error: unknown) => {
      root.textContent = `Cannot open the report: ${error instanceof Error ? error.message : String(error)}`;
    },
  );
}

function follow(): void {
  const { source, commands } = liveSource(({ index, state }, isConnected) => {
    root.querySelector('.loading')?.remove();
    render(<App index={index} source={source} now={{ state, commands, isConnected }} />, root);
  });
}
