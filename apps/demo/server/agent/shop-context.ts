/** The context of the tools of a run on the server. The runner asks for it again when it resumes the run. */
export interface ShopContext {
  /** The id of the visitor who started the run. */
  readonly visitor: string;
}
