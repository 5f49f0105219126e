/** The longest output that the API takes, in characters (OpenAPI, FunctionCallOutputItemParam). */
export const longestOutput = 10_485_760;
