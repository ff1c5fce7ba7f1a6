import { test } from '../drivers/index.js';
import { loadOverBrokenPackets, NEEDS } from './broken-packets.js';

test(
  'packets to and from PostgreSQL are lost',
  {
    id: 'N16',
    purpose: 'Lost packets cost time within bounds, and nothing else.',
    tag: ['@network', '@packets'],
    needs: NEEDS,
    services: ['postgres'],
  },
  async ({ target, link, inject, load, config }) => {
    for (const lossRatio of [0.01, 0.05, 0.1]) {
      await test.step(`${lossRatio * 100} %`, async () => {
        await loadOverBrokenPackets({
          target,
          inject,
          load,
          config,
          fault: link('target', 'postgres').loss({ lossRatio }),
          evidence: 'RetransSegs',
          successRatio: config.passRates.acceptable / 100,
        });
      });
    }
  },
);
