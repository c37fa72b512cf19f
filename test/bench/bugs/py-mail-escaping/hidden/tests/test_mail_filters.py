import unittest

from helpdesk.mail.notices import digest
from helpdesk.mail.template import TemplateError, fill


class FilterTest(unittest.TestCase):
    def check(self, template, value, expected):
        self.assertEqual(fill(template, {"x": value}), expected)

    def test_filters_see_the_plain_text(self):
        self.check("{{ x | upper }}", 'a<b & "c"', "A&lt;B &amp; &quot;C&quot;")
        self.check("{{ x | truncate:5 }}", "a&b&c", "a&amp;b&amp;c")
        self.check("{{ x | truncate:4 }}", "a&b&c", "a&amp;b…")
        self.check("{{ x | initials }}", "<ada & co>", "&lt;&amp;C")
        self.check("{{ x | title }}", "<a> 'b", "&lt;a&gt; &#x27;b")
        self.check("{{ x | truncate:3 | upper }}", "<<<<", "&lt;&lt;…")

    def test_without_filters_it_is_escaped_once(self):
        self.check("<p>{{ x }}</p>", "&amp; <b>", "<p>&amp;amp; &lt;b&gt;</p>")
        self.check("{{ x }}", None, "")
        self.check("{{ x }}", 7, "7")

    def test_what_a_filter_brings_in_is_escaped_too(self):
        self.check("{{ x | default:R&D }}", "", "R&amp;D")

    def test_the_template_itself_is_left_alone(self):
        self.check("<b>&nbsp;{{ x }}</b>", "y", "<b>&nbsp;y</b>")

    def test_digest_cuts_by_what_is_read(self):
        row = digest([{"subject": "\"R&D\" <printer> is jammed", "customer": "Ada"}])
        self.assertEqual(row, "<ul><li>&quot;R&amp;D&quot; &lt;printer&gt; is jamm… (Ada)</li></ul>")

    def test_errors(self):
        for template in ("{{ y }}", "{{ x | shout }}", "{% if x %}", "{% end %}"):
            with self.assertRaises(TemplateError):
                fill(template, {"x": "1"})
