// Azurite's blob service; our command line is its own. It announces its address itself.
// Standard input: `stop` takes it off its port, `start` puts it back there with all that it stored. (Azurite forgets the
// expiry of its leases when it loads them from disk, so its process must live on for that.) The end of it is our end.
import http from 'node:http';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

let server;
const createServer = http.createServer;
http.createServer = (...args) => (server = createServer(...args));

createInterface({ input: process.stdin }).on('line', obey).on('close', () => process.exit(0));
createRequire(import.meta.url)('azurite/dist/src/blob/main.js');

let address;
function obey(command) {
  switch (command) {
    case 'stop':
      if (!server.listening) return console.log('stopped');
      address = server.address();
      server.close(() => console.log('stopped'));
      server.closeAllConnections();
      break;
    case 'start':
      if (server.listening) return console.log('started');
      server.listen(address.port, address.address, () => console.log('started'));
      break;
  }
}
