// Parses the Bicep files of the command line and writes one line of JSON: for each file its syntax errors, its types with
// their properties, its parameters, and the resource types that it declares.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Language, Parser } from 'web-tree-sitter';

await Parser.init();
const parser = new Parser();
parser.setLanguage(await Language.load(createRequire(import.meta.url).resolve('tree-sitter-bicep/tree-sitter-bicep.wasm')));
console.log(JSON.stringify({ bicep: process.argv.slice(2).map(read) }));

function read(path) {
  const root = parser.parse(readFileSync(path, 'utf8')).rootNode;
  return {
    path,
    errors: [...(function* find(node) {
      if (node.isError || node.isMissing) yield `line ${node.startPosition.row + 1}: ${node.text.slice(0, 80)}`;
      else for (const child of node.children) yield* find(child);
    })(root)],
    types: Object.fromEntries(root.descendantsOfType('type_declaration').map((type) => [
      type.namedChild(0).text,
      Object.fromEntries(type.descendantsOfType('object_property').map((property) => [property.firstChild.text, property.lastChild.text])),
    ])),
    parameters: root.descendantsOfType('parameter_declaration').map((parameter) => parameter.namedChild(0).text),
    resources: root.descendantsOfType('resource_declaration').map((resource) => resource.namedChild(1).text.slice(1, -1)),
  };
}
