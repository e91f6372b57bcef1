// The interface for programs, as its own description says it is, asked thousands of odd questions by schemathesis: no answer is a
// mistake of ours, and every answer is one that the description names.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { demoHouse } from '../lib/house.mjs';

const SCHEMATHESIS = process.env.NHAVIEC_SCHEMATHESIS ?? join(homedir(), '.cache/nhaviec/schemathesis/bin/schemathesis');
/** Of each operation, in each phase; more on demand. */
const EXAMPLES = process.env.NHAVIEC_EXAMPLES ?? '8';

/** `{ status, said }` of a run against a description. */
async function asked(description, house) {
  const words = ['run', description, '-H', `Authorization: Bearer ${house.token}`, '--max-examples', EXAMPLES, '--seed', '2611', '--no-color',
    // What a field may hold is more than a schema can say: that a valid body is taken is told by the tests of the interface.
    '--checks', 'all', '--exclude-checks', 'positive_data_acceptance', '--continue-on-failure'];
  // It writes what it learnt into the folder where it runs.
  const run = spawn(SCHEMATHESIS, words, { cwd: tmpdir(), stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [run.stdout, run.stderr]) stream.on('data', (part) => (said += part));
  const status = await new Promise((resolve, reject) => run.once('close', resolve).once('error', reject));
  return { status, said };
}

test('every answer of the interface is one that its description names', async () => {
  const house = await demoHouse({ dossiers: 5 });
  try {
    const { status, said } = await asked(`${house.url}/api/openapi.json`, house);
    assert.equal(status, 0, said.slice(-6000));
    assert.match(said, /Tested: 12/, 'it asked of everything');
  } finally {
    await house.stop();
  }
});
