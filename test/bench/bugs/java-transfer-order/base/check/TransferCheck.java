import bank.Bank;
import bank.RefusedException;

public final class TransferCheck {
    public static void main(String[] args) {
        movesMoney();
        refusesWithoutMoney();
        unknownTargetLeavesTheMoneyWhereItIs();
        System.out.println("TransferCheck: ok");
    }

    private static Bank bank() {
        Bank bank = new Bank();
        bank.open("A", 10_000, 0);
        bank.open("B", 500, 1_000);
        return bank;
    }

    private static void movesMoney() {
        Bank bank = bank();
        bank.transfer("A", "B", 2_500);
        equal("balance of A", 7_500, bank.account("A").balance());
        equal("balance of B", 3_000, bank.account("B").balance());
        equal("transfers", 1, bank.transfers().size());
    }

    private static void refusesWithoutMoney() {
        Bank bank = bank();
        try {
            bank.transfer("B", "A", 1_501);
            throw new AssertionError("a transfer of more than the overdraft was done");
        } catch (RefusedException expected) {
            equal("balance of B", 500, bank.account("B").balance());
        }
    }

    private static void unknownTargetLeavesTheMoneyWhereItIs() {
        Bank bank = bank();
        try {
            bank.transfer("A", "X", 100);
            throw new AssertionError("a transfer to nobody was done");
        } catch (RefusedException expected) {
            equal("balance of A after a refused transfer", 10_000, bank.account("A").balance());
        }
    }

    private static void equal(String what, long expected, long actual) {
        if (expected != actual) throw new AssertionError(what + ": expected " + expected + " but was " + actual);
    }
}
