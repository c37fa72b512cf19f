/** @typedef {{ sku: string, name: string, priceCents: number, weightGrams: number, gift?: boolean }} Article */

export class Catalogue {
  /** @param {Article[]} articles */
  constructor(articles) {
    this.articles = new Map(articles.map((article) => [article.sku, article]));
  }

  /** The article, or undefined where it is no longer sold. */
  find(sku) {
    return this.articles.get(sku);
  }

  discontinue(sku) {
    this.articles.delete(sku);
  }
}
