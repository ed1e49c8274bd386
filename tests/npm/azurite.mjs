// Azurite's blob service. Its own command line follows ours; it announces its address itself.
import { createRequire } from 'node:module';
import { whenParentGoes } from './parent.mjs';

whenParentGoes(() => {
  process.emit('SIGTERM');
  setTimeout(() => process.exit(0), 1000).unref();
});

createRequire(import.meta.url)('azurite/dist/src/blob/main.js');
