import type { ReportIndex, TestDetail } from '../../data/report-data.js';

/** Source of what the page shows. */
export interface Source {
  index(): Promise<ReportIndex>;
  /** The details of a test: its id, and the piece of data that they are in. */
  detail(testId: string, chunk: string): Promise<TestDetail>;
}
