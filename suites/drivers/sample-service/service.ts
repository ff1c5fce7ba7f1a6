import type { Metrics, Report, ServiceOperations } from '../operations/service.js';
import type { InDriver, SuiteOperations } from '../operations.js';
import { call, get } from './call.js';

/** The sample service as a whole; seeds it as an admin. */
export const service: InDriver<ServiceOperations & Pick<SuiteOperations, 'health'>> = {
  health: (context) => get<unknown>(context, '/health', { token: '' }),
  slowReport: (context, ms, options) => get<Report>(context, `/reports/slow?ms=${ms}`, options),
  metrics: (context, options) => get<Metrics>(context, '/metrics', { token: '', ...options }),
  set: async (context, data) => {
    await call(context, 'POST', '/admin/seed', data, {
      token: await context.issueToken({ sub: 'seeder', roles: ['admin'] }),
    });
  },
  tables: async () => ({
    accounts: 'accounts',
    counters: 'counters',
    documents: 'documents',
    stock: 'stock',
    bookings: 'bookings',
  }),
};
