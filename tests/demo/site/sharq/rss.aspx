<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel>
<title>شبکه خبري آفتاب شرق</title>
<link>{{BASE}}/sharq/</link>
<description>بين الملل</description>
<language>fa-ir</language>
<item>
<title>فنلاند دو ديپلمات بلاروس را اخراج كرد</title>
<link>{{BASE}}/sharq/view.aspx?id=32</link>
<guid>{{BASE}}/sharq/view.aspx?id=32</guid>
<description>دولت فنلاند امروز دو ديپلمات بلاروس را به اتهام جاسوسي اخراج كرد.</description>
<pubDate>{{NOW-1h}}</pubDate>
</item>
<item>
<title>اردن و عراق گذرگاه طريبيل را شبانه روز باز نگه مي دارند</title>
<link>{{BASE}}/sharq/view.aspx?id=31</link>
<guid>{{BASE}}/sharq/view.aspx?id=31</guid>
<description>عماد الزعبي وزير امور خارجه اردن ديروز پس از ديدار با همتاي عراقي خود در بغداد اعلام کرد که دو كشور گذرگاه طريبيل را شبانه روز باز نگه مي دارند.</description>
<pubDate>{{NOW-5h}}</pubDate>
</item>
</channel></rss>
