import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parseAst } from 'rolldown/parseAst';

type Statement = ReturnType<typeof parseAst>['body'][number];
type Declaration = Extract<
  Statement,
  { type: 'TSInterfaceDeclaration' | 'TSTypeAliasDeclaration' | 'TSModuleDeclaration' }
>;
type InterfaceDeclaration = Extract<Declaration, { type: 'TSInterfaceDeclaration' }>;
type TypeNode = Extract<Declaration, { type: 'TSTypeAliasDeclaration' }>['typeAnnotation'];
type TypeName = Extract<TypeNode, { type: 'TSTypeReference' }>['typeName'];

/** A member of a union of objects, such as an item or an event. */
export interface Variant {
  /** The possible values of its `type`. */
  readonly types: readonly string[];
  /** Its fields except `type`. */
  readonly fields: readonly string[];
}

/** The declarations in a file of `openai`'s types, by name. Those in a namespace have the name `Namespace.Name`. */
export interface OpenAITypes {
  /** The fields of an interface, including inherited fields. */
  fieldsOf(name: string): readonly string[];
  /** The members of a union of interfaces. */
  variantsOf(name: string): readonly Variant[];
  /** The strings of a union of strings. */
  valuesOf(name: string): readonly string[];
}

function declarationOf(statement: Statement): Declaration | undefined {
  const node = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
  switch (node?.type) {
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
    case 'TSModuleDeclaration':
      return node;
    default:
      return undefined;
  }
}

function nameOf(name: TypeName): string {
  if (name.type === 'Identifier') return name.name;
  if (name.type !== 'TSQualifiedName') return 'this';
  // `ResponsesAPI.X` is how these files refer to each other's declarations.
  const left = nameOf(name.left);
  return /API$|^Shared$/.test(left) ? name.right.name : `${left}.${name.right.name}`;
}

function collect(
  statements: readonly Statement[],
  prefix: string,
  into: Map<string, Declaration>,
): Map<string, Declaration> {
  for (const statement of statements) {
    const declaration = declarationOf(statement);
    if (declaration === undefined || declaration.id.type !== 'Identifier') continue;
    const name = `${prefix}${declaration.id.name}`;
    if (declaration.type !== 'TSModuleDeclaration') into.set(name, declaration);
    else if (declaration.body?.type === 'TSModuleBlock') collect(declaration.body.body, `${name}.`, into);
  }
  return into;
}

function propertiesOf(declaration: InterfaceDeclaration): ReadonlyMap<string, TypeNode | undefined> {
  const properties = new Map<string, TypeNode | undefined>();
  for (const member of declaration.body.body) {
    if (member.type !== 'TSPropertySignature' || member.key.type !== 'Identifier') continue;
    properties.set(member.key.name, member.typeAnnotation?.typeAnnotation);
  }
  return properties;
}

function strings(node: TypeNode | undefined): readonly string[] {
  if (node?.type === 'TSUnionType') return node.types.flatMap(strings);
  if (node?.type !== 'TSLiteralType' || node.literal.type !== 'Literal') return [];
  return typeof node.literal.value === 'string' ? [node.literal.value] : [];
}

class Parsed implements OpenAITypes {
  readonly #declarations: ReadonlyMap<string, Declaration>;

  constructor(source: string) {
    this.#declarations = collect(parseAst(source, { lang: 'dts' }).body, '', new Map());
  }

  fieldsOf(name: string): readonly string[] {
    return [...this.#properties(this.#interface(name)).keys()];
  }

  variantsOf(name: string): readonly Variant[] {
    return this.#members(this.#alias(name)).map((declaration) => {
      const properties = this.#properties(declaration);
      return {
        types: strings(properties.get('type')),
        fields: [...properties.keys()].filter((field) => field !== 'type'),
      };
    });
  }

  valuesOf(name: string): readonly string[] {
    return strings(this.#alias(name));
  }

  #find(name: string): Declaration {
    const found = this.#declarations.get(name);
    if (found === undefined)
      throw new Error(`openai's types have no ${name}: they have changed, so update this check.`);
    return found;
  }

  #interface(name: string): InterfaceDeclaration {
    const found = this.#find(name);
    if (found.type !== 'TSInterfaceDeclaration')
      throw new Error(`openai's ${name} is no longer an interface.`);
    return found;
  }

  #alias(name: string): TypeNode {
    const found = this.#find(name);
    if (found.type !== 'TSTypeAliasDeclaration') throw new Error(`openai's ${name} is no longer a union.`);
    return found.typeAnnotation;
  }

  /** The interfaces in a union, including those in nested unions. */
  #members(node: TypeNode): readonly InterfaceDeclaration[] {
    if (node.type === 'TSUnionType') return node.types.flatMap((member) => this.#members(member));
    if (node.type !== 'TSTypeReference') return [];
    const found = this.#find(nameOf(node.typeName));
    if (found.type === 'TSInterfaceDeclaration') return [found];
    return found.type === 'TSTypeAliasDeclaration' ? this.#members(found.typeAnnotation) : [];
  }

  #properties(declaration: InterfaceDeclaration): ReadonlyMap<string, TypeNode | undefined> {
    const inherited = declaration.extends.flatMap(({ expression }) =>
      expression.type === 'Identifier' ? [...this.#properties(this.#interface(expression.name))] : [],
    );
    return new Map([...inherited, ...propertiesOf(declaration)]);
  }
}

const folder = dirname(createRequire(import.meta.url).resolve('openai'));

/** The Responses API as the installed `openai` package declares it, with or without its beta features. */
export function openaiTypes(beta = false): OpenAITypes {
  const part = beta ? 'beta/responses' : 'responses';
  return new Parsed(readFileSync(join(folder, 'resources', part, 'responses.d.ts'), 'utf8'));
}

/** The version of the installed `openai` package. */
export function openaiVersion(): string {
  const { version }: { version: string } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return version;
}
