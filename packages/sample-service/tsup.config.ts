import { defineConfig } from 'tsup';
import { base } from '../../tsup.base';

const { entry: _, ...options } = base();
// By name, so that threads lie beside the code that starts them.
export default defineConfig({
  ...options,
  entry: {
    index: 'src/index.ts',
    main: 'src/main.ts',
    'digest-thread': 'src/digests/digest-thread.ts',
    'digests-without-versions': 'src/defect-threads/digests-without-versions.ts',
  },
});
