import bank.Bank;
import bank.Bank.Transfer;
import bank.RefusedException;
import java.util.List;

public final class TransferRulesCheck {
    public static void main(String[] args) {
        refused(bank(), "A", "X", 100, "unknown target");
        refused(bank(), "X", "A", 100, "unknown source");
        refused(bank(), "B", "A", 1_501, "too little money");
        Bank frozenTarget = bank();
        frozenTarget.account("B").freeze();
        refused(frozenTarget, "A", "B", 100, "frozen target");
        frozenTarget.account("B").unfreeze();
        frozenTarget.transfer("A", "B", 100);
        equal("after unfreezing", 600L, frozenTarget.account("B").balance());
        Bank frozenSource = bank();
        frozenSource.account("A").freeze();
        refused(frozenSource, "A", "B", 100, "frozen source");
        overdraft();
        all();
        for (long cents : new long[] {0, -5}) {
            Bank bank = bank();
            try {
                bank.transfer("A", "B", cents);
                throw new AssertionError("moved " + cents);
            } catch (IllegalArgumentException | RefusedException expected) {
                unchanged(bank, "no amount");
            }
        }
        System.out.println("TransferRulesCheck: ok");
    }

    private static Bank bank() {
        Bank bank = new Bank();
        bank.open("A", 10_000, 0);
        bank.open("B", 500, 1_000);
        return bank;
    }

    private static void refused(Bank bank, String from, String to, long cents, String why) {
        try {
            bank.transfer(from, to, cents);
        } catch (RefusedException expected) {
            unchanged(bank, why);
            return;
        }
        throw new AssertionError(why + ": not refused");
    }

    private static void unchanged(Bank bank, String why) {
        equal(why + ", A", 10_000L, bank.account("A").balance());
        equal(why + ", B", 500L, bank.account("B").balance());
        equal(why + ", transfers", List.of(), bank.transfers());
    }

    private static void overdraft() {
        Bank bank = bank();
        bank.transfer("B", "A", 1_500);
        equal("overdrawn", -1_000L, bank.account("B").balance());
        equal("transfers", List.of(new Transfer("B", "A", 1_500)), bank.transfers());
        bank.transfer("A", "A", 50);
        equal("to itself", 11_500L, bank.account("A").balance());
    }

    private static void all() {
        Bank bank = bank();
        List<String> refused = bank.transferAll(List.of(new Transfer("A", "X", 1), new Transfer("A", "B", 200), new Transfer("B", "A", 9_999)));
        equal("refused", List.of("there is no account X", "B has too little money"), refused);
        equal("done", List.of(new Transfer("A", "B", 200)), bank.transfers());
        equal("total", 10_500L, bank.total());
    }

    private static void equal(String what, Object expected, Object actual) {
        if (!expected.equals(actual)) throw new AssertionError(what + ": expected " + expected + " but was " + actual);
    }
}
