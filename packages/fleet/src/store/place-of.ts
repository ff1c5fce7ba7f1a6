/** The address in a URL, without user and password. */
export function placeOf(url: string): string {
  return url.replace(/^([a-z]+:\/\/)(?:[^@/]*@)?/, '$1').replace(/[?#].*$/, '');
}
