import { useEffect, useState } from 'preact/hooks';

/** Colours of the page. */
export type Theme = 'light' | 'dark';

const dark = window.matchMedia('(prefers-color-scheme: dark)');

/** The theme in force, and a function that changes to the other one. The system decides until somebody does. */
export function useTheme(): readonly [Theme, () => void] {
  const [chosen, choose] = useState<Theme | undefined>(undefined);
  const [system, setSystem] = useState<Theme>(dark.matches ? 'dark' : 'light');
  useEffect(() => {
    const read = (): void => setSystem(dark.matches ? 'dark' : 'light');
    dark.addEventListener('change', read);
    return () => dark.removeEventListener('change', read);
  }, []);
  const theme = chosen ?? system;
  useEffect(() => void (document.documentElement.dataset['theme'] = theme), [theme]);
  document.documentElement.dataset['theme'] = theme;
  return [theme, () => choose(theme === 'dark' ? 'light' : 'dark')];
}

/** A colour of the style sheet: `--ok`. */
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
