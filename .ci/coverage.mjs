// The line coverage of one assembly over all test projects: node coverage.mjs FOLDER ASSEMBLY LEAST
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const [folder, assembly, least] = process.argv.slice(2);
const lines = new Map();
for (const file of readdirSync(folder, { recursive: true }).filter(name => name.endsWith('cobertura.xml'))) {
  const report = readFileSync(join(folder, file), 'utf8');
  const part = report.split('<package ').find(text => text.startsWith(`name="${assembly}"`)) ?? '';
  for (const type of part.split('<class ').slice(1)) {
    const path = /filename="([^"]+)"/.exec(type)[1];
    if (path.endsWith('.g.cs')) continue; // what generators write is theirs to test
    const source = path.split(/[\\/]/).slice(-3).join('/');
    for (const [, number, hits] of type.matchAll(/<line number="(\d+)" hits="(\d+)"/g)) {
      const line = `${source}:${number}`;
      lines.set(line, (lines.get(line) ?? 0) + Number(hits));
    }
  }
}

const covered = [...lines.values()].filter(hits => hits > 0).length;
const percent = lines.size === 0 ? 0 : 100 * covered / lines.size;
console.log(`${assembly}: ${covered} of ${lines.size} lines covered, ${percent.toFixed(1)} %; at least ${least} % are asked for.`);
process.exit(percent >= Number(least) ? 0 : 1);
