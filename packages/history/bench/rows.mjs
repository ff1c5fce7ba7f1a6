import { LINEARIZABILITY_ROWS } from './linearizability-rows.mjs';
import { OWN_MODEL_ROWS } from './own-model-rows.mjs';
import { RECORD_ROWS } from './record-rows.mjs';
import { TRANSACTION_ROWS } from './transaction-rows.mjs';

/**
 * The table's rows: `prepare()` makes the input, `run(input)` is measured, `derive(figures)` adds what follows from the
 * time; bars are on figures.
 */
export const ROWS = [...RECORD_ROWS, ...TRANSACTION_ROWS, ...LINEARIZABILITY_ROWS, ...OWN_MODEL_ROWS];
