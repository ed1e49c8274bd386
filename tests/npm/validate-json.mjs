// Reads one line, {"document": a JSON schema or an OpenAPI document, "checks": [{"pointer": "#/…", "value": …}]}, and writes one: what
// is wrong with each value according to its schema. Properties that an object's schema does not name are errors too.
import Ajv from 'ajv';
import { createInterface } from 'node:readline';

for await (const line of createInterface({ input: process.stdin })) {
  const { document, checks } = JSON.parse(line);
  close(document);
  // Formats are hints for people here; strict mode would reject unknown ones.
  const ajv = new Ajv({ allErrors: true, strict: false, validateFormats: false });
  ajv.addSchema(document, 'document');
  console.log(JSON.stringify({ found: checks.map(({ pointer, value }) => {
    const validate = ajv.compile({ $ref: `document${pointer}` });
    return validate(value) ? [] : validate.errors.map((error) => `${error.instancePath || '/'} ${error.message} ${JSON.stringify(error.params)}`);
  }) }));
}

function close(node) {
  if (node === null || typeof node !== 'object') return;
  if (node.type === 'object' && node.properties && node.additionalProperties === undefined) node.additionalProperties = false;
  Object.values(node).forEach(close);
}
