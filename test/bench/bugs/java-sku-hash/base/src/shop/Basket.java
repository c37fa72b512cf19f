package shop;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a customer wants to buy. */
public final class Basket {
    private final Map<Sku, Integer> pieces = new HashMap<>();
    private final Map<Sku, Long> prices = new HashMap<>();

    public Basket(Map<String, Long> priceList) {
        priceList.forEach((code, cents) -> prices.put(Sku.parse(code), cents));
    }

    /** Adds pieces; throws IllegalArgumentException for an article without a price. */
    public void add(String code, int count) {
        Sku sku = Sku.parse(code);
        if (count < 1) throw new IllegalArgumentException("count must be at least 1");
        if (!prices.containsKey(sku)) throw new IllegalArgumentException("there is no article " + code);
        pieces.merge(sku, count, Integer::sum);
    }

    public int count(String code) {
        return pieces.getOrDefault(Sku.parse(code), 0);
    }

    /** Number of different articles. */
    public int articles() {
        return pieces.size();
    }

    public long total() {
        return pieces.entrySet().stream().mapToLong(entry -> entry.getValue() * prices.get(entry.getKey())).sum();
    }

    /** One line per article, by code. */
    public List<String> lines() {
        List<Sku> codes = new ArrayList<>(pieces.keySet());
        codes.sort(null);
        return codes.stream().map(sku -> pieces.get(sku) + " x " + sku).toList();
    }
}
