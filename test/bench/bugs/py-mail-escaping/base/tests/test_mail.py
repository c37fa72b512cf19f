import unittest

from helpdesk.mail.notices import assigned, digest


def ticket(subject, customer="Ada", overdue=False):
    return {"subject": subject, "customer": customer, "overdue": overdue}


class NoticesTest(unittest.TestCase):
    def test_assigned(self):
        mail = assigned(ticket("printer"), {"name": "Bo"})
        self.assertEqual(mail, "<h1>PRINTER</h1><p>For Bo.</p>")

    def test_overdue(self):
        self.assertIn(" <b>Overdue!</b>", assigned(ticket("printer", overdue=True), {"name": "Bo"}))

    def test_names_are_escaped(self):
        self.assertIn("For B&lt;o&gt;.", assigned(ticket("x"), {"name": "B<o>"}))

    def test_subject_with_an_ampersand(self):
        self.assertIn("<h1>R&amp;D PRINTER</h1>", assigned(ticket("R&D printer"), {"name": "Bo"}))

    def test_digest(self):
        self.assertEqual(digest([ticket("a"), ticket("b", "")]), "<ul><li>a (Ada)</li><li>b (unknown)</li></ul>")

    def test_empty_digest(self):
        self.assertEqual(digest([]), "<p>Nothing to do.</p>")


if __name__ == "__main__":
    unittest.main()
