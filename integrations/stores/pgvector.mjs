// Runs pgvector.sql on a real PostgreSQL (PGlite, in this process): node pgvector.mjs FLOATS.jsonl SIGNS.jsonl
// The files are what "mme5 embed" and "mme5 embed --precision ubinary" write for the same inputs. The last line counts the checks.
import { readFileSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';

const DIMENSIONS = 4096, DOCUMENTS = 1000, QUERIES = 20, CENTRES = 40;
let passed = 0, failed = 0;

async function check(name, test) {
  try {
    const said = await test();
    passed++;
    console.log(`ok      ${name}${said ? ': ' + said : ''}`);
  } catch (error) {
    failed++;
    console.log(`FAILED  ${name}: ${error.message}`);
  }
}

function expect(condition, message) {
  if (!condition) throw new Error(message);
}

let seed = 1;
function random() { // mulberry32
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const unit = (v) => { const length = Math.hypot(...v); return v.map((x) => x / length); };
const around = (centre) => unit(centre.map((x) => x + normal() / Math.sqrt(DIMENSIONS)));
const text = (v) => '[' + v.map((x) => Math.fround(x)).join(',') + ']';
const dot = (a, b) => a.reduce((sum, x, i) => sum + x * b[i], 0);

const db = await PGlite.create({ extensions: { vector } });
await db.exec(readFileSync(new URL('pgvector.sql', import.meta.url), 'utf8'));

for (const [type, limit] of [['vector', 2000], ['halfvec', 4000]]) {
  await check(`HNSW refuses ${DIMENSIONS} dimensions of ${type}`, async () => {
    await db.exec(`CREATE TABLE refused_${type} (e ${type}(${DIMENSIONS}))`);
    const error = await db.exec(`CREATE INDEX ON refused_${type} USING hnsw (e ${type}_cosine_ops)`).catch((e) => e);
    expect(String(error.message).includes(`more than ${limit} dimensions`), `expected a refusal, found ${error.message}`);
    return error.message;
  });
}

const centres = Array.from({ length: CENTRES }, () => unit(Array.from({ length: DIMENSIONS }, normal)));
const documents = Array.from({ length: DOCUMENTS }, (_, i) => around(centres[i % CENTRES]));
await db.transaction(async (tx) => {
  for (let i = 0; i < DOCUMENTS; i++) {
    await tx.query('INSERT INTO documents (id, embedding) VALUES ($1, $2::halfvec)', [String(i), text(documents[i])]);
  }
});

await check('the index is used', async () => {
  await db.exec('SET enable_seqscan = off; SET hnsw.ef_search = 200');
  const plan = await db.query(
    `EXPLAIN SELECT id FROM documents ORDER BY binary_quantize(embedding)::bit(4096) <~> binary_quantize($1::halfvec(4096))::bit(4096) LIMIT 200`,
    [text(documents[0])]);
  expect(JSON.stringify(plan.rows).includes('documents_embedding'), JSON.stringify(plan.rows));
});

await check('re-ranked by cosine, with 200 candidates', async () => {
  let found = 0;
  for (let q = 0; q < QUERIES; q++) {
    const query = around(centres[q % CENTRES]);
    const exact = documents.map((d, i) => [dot(query, d), String(i)]).sort((a, b) => b[0] - a[0]).slice(0, 10);
    const { rows } = await db.query('SELECT * FROM nearest($1::halfvec(4096), 10, 200)', [text(query)]);
    for (const row of rows) {
      const cosine = dot(query, documents[Number(row.id)]);
      expect(Math.abs(row.cosine - cosine) < 1e-3, `${row.id}: expected cosine ${cosine}, found ${row.cosine}`);
    }
    found += exact.filter(([, id]) => rows.some((row) => row.id === id)).length;
  }
  const recall = found / (10 * QUERIES);
  expect(recall >= 0.95, `recall@10 is ${recall}`);
  return `recall@10 ${recall}`;
});

const read = (file) => readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line).embedding);
await check('mme5 embed --precision ubinary gives the bits of binary_quantize', async () => {
  const [floats, signs] = process.argv.slice(2, 4).map(read);
  expect(floats.length === signs.length && floats.length > 0, 'expected as many signs as vectors');
  for (let i = 0; i < floats.length; i++) {
    const bits = signs[i].map((byte) => byte.toString(2).padStart(8, '0')).join('').slice(0, floats[i].length);
    const { rows } = await db.query('SELECT binary_quantize($1::vector)::text AS bits', ['[' + floats[i].join(',') + ']']);
    expect(rows[0].bits === bits, `input ${i}: expected ${bits}, found ${rows[0].bits}`);
  }
  return `${floats.length} vectors`;
});

await db.close();
console.log(`${passed} passed, ${failed} failed, 0 skipped`);
process.exit(failed ? 1 : 0);
