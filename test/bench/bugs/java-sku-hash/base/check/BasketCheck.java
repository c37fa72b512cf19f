import java.util.List;
import java.util.Map;
import shop.Basket;

public final class BasketCheck {
    public static void main(String[] args) {
        addsUp();
        linesAreInOrder();
        capitalsDoNotMatter();
        System.out.println("BasketCheck: ok");
    }

    private static Basket basket() {
        return new Basket(Map.of("KB-104", 4_900L, "KB-12/de", 5_900L, "CAB-7", 300L));
    }

    private static void addsUp() {
        Basket basket = basket();
        basket.add("KB-104", 1);
        basket.add("CAB-7", 2);
        basket.add("CAB-7", 1);
        equal("total", 5_800L, basket.total());
        equal("articles", 2, basket.articles());
    }

    private static void linesAreInOrder() {
        Basket basket = basket();
        basket.add("KB-104", 1);
        basket.add("KB-12/de", 2);
        basket.add("CAB-7", 3);
        equal("lines", List.of("3 x CAB-7", "2 x KB-12/de", "1 x KB-104"), basket.lines());
    }

    private static void capitalsDoNotMatter() {
        Basket basket = basket();
        basket.add("KB-104", 1);
        basket.add("kb-104", 2);
        equal("pieces of KB-104", 3, basket.count("KB-104"));
    }

    private static void equal(String what, Object expected, Object actual) {
        if (!expected.equals(actual)) throw new AssertionError(what + ": expected " + expected + " but was " + actual);
    }
}
