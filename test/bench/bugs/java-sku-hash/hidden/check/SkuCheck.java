import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import shop.Basket;
import shop.Sku;

public final class SkuCheck {
    public static void main(String[] args) {
        same("KB-104", "kb-104");
        same("KB-104", "Kb-0104");
        same("KB-12/de", "KB-12/DE");
        same("kb-12/De", "Kb-12/dE");
        same("  CAB-7 ", "cab-7");
        same("WILLI-1/i", "willi-1/I");
        different("KB-12/de", "KB-12");
        different("KB-12/de", "KB-12/en");
        different("KB-1", "KB-2");
        different("KB-1", "CAB-1");
        basket();
        equal("spread of hash codes", true, hashes() > 900);
        equal("as it was written", "kb-12/De", Sku.parse("kb-12/De").toString());
        equal("family", "KB", Sku.parse("kb-12").family());
        System.out.println("SkuCheck: ok");
    }

    private static void same(String one, String other) {
        Sku a = Sku.parse(one);
        Sku b = Sku.parse(other);
        equal(one + " equals " + other, true, a.equals(b) && b.equals(a) && a.compareTo(b) == 0);
        equal("hash codes of " + one + " and " + other, a.hashCode(), b.hashCode());
        equal("set of " + one + " and " + other, 1, new HashSet<>(List.of(a, b).subList(0, 1)) {{ add(b); }}.size());
    }

    private static void different(String one, String other) {
        Sku a = Sku.parse(one);
        Sku b = Sku.parse(other);
        equal(one + " is not " + other, false, a.equals(b) || b.equals(a) || a.compareTo(b) == 0);
        equal("set of " + one + " and " + other, 2, Set.of(a, b).size());
    }

    private static void basket() {
        Basket basket = new Basket(Map.of("kb-12/DE", 500L, "KB-12", 400L));
        basket.add("KB-12/de", 1);
        basket.add("Kb-12/De", 1);
        basket.add("kb-12", 1);
        equal("articles", 2, basket.articles());
        equal("total", 1_400L, basket.total());
        equal("count", 2, basket.count("kB-12/dE"));
    }

    /** Different hash codes of a thousand codes: a constant one would make every basket slow. */
    private static int hashes() {
        Set<Integer> found = new HashSet<>();
        for (int number = 0; number < 1_000; number++) found.add(Sku.parse("KB-" + number).hashCode());
        return found.size();
    }

    private static void equal(String what, Object expected, Object actual) {
        if (!expected.equals(actual)) throw new AssertionError(what + ": expected " + expected + " but was " + actual);
    }
}
