import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

/** What each folder may import, besides itself. Nothing imports upward. */
const MAY_IMPORT = {
  spec: [],
  reference: ['spec'],
  native: ['spec'],
  conformance: ['spec'],
  simulate: ['spec', 'reference'],
  stress: ['spec', 'conformance'],
  reports: ['spec', 'conformance'],
  cli: ['spec', 'conformance', 'simulate', 'stress', 'reports'],
};

const folders = Object.keys(MAY_IMPORT);
const direction = Object.entries(MAY_IMPORT).map(([folder, allowed]) => {
  const forbidden = folders.filter((other) => other !== folder && !allowed.includes(other));
  return {
    files: [`${folder}/**/*.ts`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: `^(\\.\\./)+(${forbidden.join('|')})/`,
              message: `${folder}/ may import ${[...allowed, folder].join(', ')} only (see ARCHITECTURE.md).`,
            },
          ],
        },
      ],
    },
  };
});

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'native/build/', 'reports/out/', 'coverage/', 'docs/api/'] },
  eslint.configs.recommended,
  ...tseslint.configs.strict,
  ...tseslint.configs.stylistic,
  {
    languageOptions: { globals: { console: 'readonly', process: 'readonly' } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off', // with noUncheckedIndexedAccess every array read in a hot loop needs one
      '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_', argsIgnorePattern: '^_' }],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    files: ['scripts/**', '*.js'],
    rules: { 'no-console': 'off' },
    languageOptions: { globals: { console: 'readonly', process: 'readonly', URL: 'readonly' } },
  },
  ...direction,
);
