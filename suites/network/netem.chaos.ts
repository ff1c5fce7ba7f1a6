import { test } from '../drivers/index.js';
import { loadOverBrokenPackets, NEEDS } from './broken-packets.js';

test(
  'packets overtake each other',
  {
    id: 'N17',
    purpose: 'The order of packets is not the order of answers: nothing is mixed up.',
    tag: ['@network', '@packets'],
    requires: ['netem'],
    needs: NEEDS,
    services: ['postgres'],
  },
  async ({ target, link, inject, load, config }) => {
    await loadOverBrokenPackets({
      target,
      inject,
      load,
      config,
      fault: link('target', 'postgres').reorder({ reorderRatio: 0.25, delayMs: 5 }),
      evidence: 'TCPOFOQueue',
      successRatio: 0.95,
    });
  },
);

test(
  'packets arrive twice',
  {
    id: 'N18',
    purpose: 'What the network doubles happens once.',
    tag: ['@network', '@packets'],
    requires: ['netem'],
    needs: NEEDS,
    services: ['postgres'],
  },
  async ({ target, link, inject, load, config }) => {
    await loadOverBrokenPackets({
      target,
      inject,
      load,
      config,
      fault: link('target', 'postgres').duplicate({ duplicateRatio: 0.2 }),
      evidence: 'TCPDSACKRecv',
      successRatio: 0.95,
    });
  },
);

test(
  'packets arrive with a flipped bit',
  {
    id: 'N19',
    purpose: 'Checksums keep broken packets out: no answer is wrong.',
    tag: ['@network', '@packets'],
    requires: ['netem'],
    needs: NEEDS,
    services: ['postgres'],
  },
  async ({ target, link, inject, load, config }) => {
    await loadOverBrokenPackets({
      target,
      inject,
      load,
      config,
      fault: link('target', 'postgres').corrupt({ corruptRatio: 0.02 }),
      evidence: 'InCsumErrors',
      successRatio: config.passRates.acceptable / 100,
    });
  },
);

test(
  'packets are lost in bursts',
  {
    id: 'N20',
    purpose: 'Bursts of loss (Gilbert-Elliott) cost the time of a burst, and the service is well again after them.',
    tag: ['@network', '@packets'],
    requires: ['netem'],
    needs: NEEDS,
    services: ['postgres'],
  },
  async ({ target, link, inject, load, config }) => {
    await loadOverBrokenPackets({
      target,
      inject,
      load,
      config,
      fault: link('target', 'postgres').loss({ lossRatio: 0.05, burstPackets: 4 }),
      evidence: 'RetransSegs',
      successRatio: config.passRates.acceptable / 100,
    });
  },
);
