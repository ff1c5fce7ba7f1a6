import { defineConfig } from 'tsup';
import { once } from '../../tsup.base';

export default defineConfig(once());
