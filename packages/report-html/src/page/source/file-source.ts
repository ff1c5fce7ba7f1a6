import type { ReportIndex, TestDetail } from '../../data/report-data.js';
import { inflate } from './inflate.js';
import type { Source } from './source.js';

declare global {
  interface Window {
    chaosData?: (name: string, base64: string) => void;
  }
}

type Details = Readonly<Record<string, TestDetail>>;

/** Data in scripts beside the page, or within it. A page from disk may load scripts, but fetch nothing. */
export function fileSource(): Source {
  const waiting = new Map<string, (base64: string) => void>();
  window.chaosData = (name, base64) => waiting.get(name)?.(base64);

  const load = async (name: string): Promise<unknown> => {
    const inPage = document.querySelector(`script[data-piece="${name}"]`);
    if (inPage !== null) return inflate(inPage.textContent ?? '');
    const base64 = await new Promise<string>((resolve, reject) => {
      const script = document.createElement('script');
      waiting.set(name, resolve);
      script.src = `data/${name}.js`;
      script.addEventListener('error', () => reject(new Error(`data/${name}.js is missing: copy the whole folder`)));
      script.addEventListener('load', () => script.remove());
      document.head.append(script);
    });
    return inflate(base64);
  };

  const chunks = new Map<string, Promise<unknown>>();
  const chunk = (name: string): Promise<unknown> => {
    const loaded = chunks.get(name) ?? load(name);
    chunks.set(name, loaded);
    return loaded;
  };
  return {
    index: async () => (await chunk('index')) as ReportIndex,
    async detail(testId, name) {
      const detail = ((await chunk(name)) as Details)[testId];
      if (detail === undefined) throw new Error(`${name}.js does not have this test`);
      return detail;
    },
  };
}
