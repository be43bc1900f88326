// The rules for the one front-end file; no preset, so that nothing but ESLint itself is needed.
const browser = ["window", "document", "fetch", "atob", "setTimeout", "ResizeObserver", "L"];
export default [
  {
    languageOptions: { ecmaVersion: 2022, sourceType: "script", globals: Object.fromEntries(browser.map((name) => [name, "readonly"])) },
    rules: {
      "no-undef": "error", "no-unused-vars": "error", "prefer-const": "error", "no-var": "error", eqeqeq: "error", "no-implicit-globals": "error",
      "no-shadow": "error", "no-eval": "error", "no-implied-eval": "error", "no-redeclare": "error", "no-unreachable": "error", "max-lines": ["error", 400],
      "no-fallthrough": "error", "no-dupe-keys": "error", "use-isnan": "error", "valid-typeof": "error",
    },
  },
];
