package bank;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All accounts and what was moved between them. */
public final class Bank {
    /** One transfer that was done. */
    public record Transfer(String from, String to, long cents) {}

    private final Map<String, Account> accounts = new LinkedHashMap<>();
    private final List<Transfer> transfers = new ArrayList<>();

    public Account open(String number, long balance, long overdraft) {
        if (accounts.containsKey(number)) throw new RefusedException(number + " exists already");
        Account account = new Account(number, balance, overdraft);
        accounts.put(number, account);
        return account;
    }

    /** The account. Throws RefusedException when there is none. */
    public Account account(String number) {
        Account account = accounts.get(number);
        if (account == null) throw new RefusedException("there is no account " + number);
        return account;
    }

    /**
     * Moves money. Either both accounts change and the transfer is noted, or nothing changes and
     * RefusedException says why: an account is unknown or frozen, or has too little money.
     */
    public void transfer(String from, String to, long cents) {
        Account source = account(from);
        Account target = account(to);
        if (target.isFrozen()) throw new RefusedException(to + " is frozen");
        source.withdraw(cents);
        target.deposit(cents);
        transfers.add(new Transfer(from, to, cents));
    }

    /** Does as many of the transfers as possible, in their order; returns the reasons of those refused. */
    public List<String> transferAll(List<Transfer> wanted) {
        List<String> refused = new ArrayList<>();
        for (Transfer transfer : wanted) {
            try {
                transfer(transfer.from(), transfer.to(), transfer.cents());
            } catch (RefusedException error) {
                refused.add(error.getMessage());
            }
        }
        return refused;
    }

    public List<Transfer> transfers() {
        return List.copyOf(transfers);
    }

    /** Money of all customers together. */
    public long total() {
        return accounts.values().stream().mapToLong(Account::balance).sum();
    }
}
