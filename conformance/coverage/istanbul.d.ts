/** What is used of packages that bring no types. */
declare module 'istanbul-lib-report' {
  import type { CoverageMap } from 'istanbul-lib-coverage';

  export interface Context {
    readonly dir: string;
  }
  const libReport: { createContext(options: { dir: string; coverageMap: CoverageMap }): Context };
  export default libReport;
}

declare module 'istanbul-reports' {
  import type { Context } from 'istanbul-lib-report';

  const reports: { create(name: 'html' | 'lcovonly', options?: object): { execute(context: Context): void } };
  export default reports;
}
