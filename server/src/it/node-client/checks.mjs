// The unmodified client `openai` from npm against a server: ADDRESS KEY.
import OpenAI from 'openai';

const [address, key] = process.argv.slice(2);
const texts = ['a cat', 'a dog on a bicycle', '飛行機'];
const client = new OpenAI({baseURL: address + '/v1', apiKey: key, maxRetries: 0});
let passed = 0;
let failed = 0;

async function check(name, run) {
  let ok = false;
  let reason = '';
  try {
    ok = await run();
  } catch (error) {
    reason = ': ' + error;
  }
  ok ? passed++ : failed++;
  console.log((ok ? 'ok      ' : 'FAILED  ') + name + reason);
}

async function plain(body) {
  const answer = await fetch(address + '/v1/embeddings', {
    method: 'POST',
    headers: {'Content-Type': 'application/json', Authorization: 'Bearer ' + key},
    body: JSON.stringify(body),
  });
  return (await answer.json()).data.map((item) => item.embedding.map(Math.fround));
}

const same = (a, b) => JSON.stringify(a.map((v) => Array.from(v, Math.fround))) === JSON.stringify(b);
const embed = async (params) => (await client.embeddings.create({model: 'text-embedding-3-small', ...params})).data.map((item) => item.embedding);

await check('openai (npm): texts, in base64 by default', async () => same(await embed({input: texts}), await plain({input: texts})));
await check('openai (npm): one text', async () => same(await embed({input: 'a cat'}), await plain({input: 'a cat'})));
await check('openai (npm): dimensions', async () => same(await embed({input: texts, dimensions: 16}), await plain({input: texts, dimensions: 16})));
await check('openai (npm): floats', async () => same(await embed({input: texts, encoding_format: 'float'}), await plain({input: texts})));
await check('openai (npm): models', async () => (await client.models.list()).data.length === 1);
await check('openai (npm): a wrong request is its BadRequestError', async () => {
  try {
    await embed({input: ''});
    return false;
  } catch (error) {
    return error instanceof OpenAI.BadRequestError && error.param === 'input';
  }
});
await check('openai (npm): a wrong key is its AuthenticationError', async () => {
  try {
    await new OpenAI({baseURL: address + '/v1', apiKey: 'wrong', maxRetries: 0}).models.list();
    return false;
  } catch (error) {
    return error instanceof OpenAI.AuthenticationError;
  }
});
console.log(`${passed} passed, ${failed} failed, 0 skipped`);
process.exit(failed === 0 ? 0 : 1);
