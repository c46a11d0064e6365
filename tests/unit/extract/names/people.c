/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/names/mention.h"

#include "base/buf.h"
#include "base/calendar.h"
#include "tests/unit/extract/pack_fixture.h"

/*
 * Who a sentence of an Iranian agency names on 2 March 2026: a line for each person and
 * office, `name | id role country`, with - for what is not known.
 */
/* clang-format off */
static const struct people_case {
	const char *text; const char *people;
} cases[] = {
	{ "هشام البدری، سخنگوی وزارت خارجه لیبی، گفت. البدری افزود این کشور آماده است.",
	  "هشام البدری | - foreign_ministry_spokesperson LBY\n"
	  "هشام البدری | - foreign_ministry_spokesperson LBY\n" },
	{ "روسا کویسپه وزیر خارجه پرو روز یکشنبه گفت.",
	  "روسا کویسپه | - foreign_minister PER\n" },
	{ "به گفته روسا کویسپه وزیر خارجه پرو این توافق خوب است.",
	  "روسا کویسپه | - foreign_minister PER\n" },
	{ "وزیر خارجه پرو روسا کویسپه گفت.",
	  "روسا کویسپه | - foreign_minister PER\n" },
	{ "وزیر خارجه پرو کویسپه گفت.",
	  "کویسپه | - foreign_minister PER\n" },
	{ "وزیر خارجه روسیه بستری شد.",
	  "- | - foreign_minister RUS\n" },
	{ "در دیدار با روسا کویسپه وزیر خارجه پرو درباره صلح گفت‌وگو کرد.",
	  "روسا کویسپه | - foreign_minister PER\n" },
	{ "مارکوس هالر وزیر خارجه اتریش گفت.",
	  "مارکوس هالر | - foreign_minister AUT\n" },
	{ "وی بیش از این گفت.",
	  "" },
	{ "بیش از صد نفر آمدند.",
	  "" },
	{ "معاون کنسولی وزیر امور خارجه گفت.",
	  "- | - deputy_foreign_minister -\n" },
	{ "دستیار ویژه وزیر امور خارجه در امور افغانستان گفت.",
	  "- | - assistant_foreign_minister -\n" },
	{ "مشاور رهبر معظم انقلاب گفت.",
	  "- | - leader_adviser -\n" },
	{ "مشاور رهبر انقلاب گفت.",
	  "- | - leader_adviser -\n" },
	{ "مدیرکل آسیای غربی وزارت امور خارجه گفت.",
	  "- | - director_general -\n" },
	{ "رئیس دفتر رئیس‌جمهور گفت.",
	  "- | - chief_of_office -\n" },
	{ "معاون وزیر خارجه گفت.",
	  "- | - deputy_foreign_minister -\n" },
	{ "معاون پارلمانی رئیس‌جمهور ایران گفت.",
	  "- | - vice_president IRN\n" },
	{ "معاون حقوقی و بین‌المللی وزیر خارجه ایران گفت.",
	  "- | - deputy_foreign_minister IRN\n" },
	{ "سخنگوی وزارت خارجه ایران گفت.",
	  "- | - foreign_ministry_spokesperson IRN\n" },
	{ "سخنگوی وزیر خارجه روسیه گفت.",
	  "- | - spokesperson RUS\n" },
	{ "مشاور وزیر خارجه عراق گفت.",
	  "- | - assistant_foreign_minister IRQ\n" },
	{ "وزیر خارجه مالی به تهران رفت.",
	  "- | - foreign_minister MLI\n" },
	{ "دولت مالی اعلام کرد.",
	  "" },
	{ "وزیر امور مالی روسیه گفت.",
	  "- | - finance_minister RUS\n" },
	{ "کمک مالی روسیه به کشور مالی رسید.",
	  "" },
	{ "رئیس‌جمهور مالی گفت.",
	  "- | - president MLI\n" },
	{ "وزیر خارجه عراق گفت.",
	  "- | - foreign_minister IRQ\n" },
	{ "کریموف گفت.",
	  "کریموف | - - -\n" },
	{ "عمر کریموف، نماینده تجاری ازبکستان، آمد. کریموف گفت.",
	  "عمر کریموف | - representative UZB\n"
	  "عمر کریموف | - representative UZB\n" },
	{ "«هشام البدری» سفیر مصر در تهران گفت.",
	  "هشام البدری | - ambassador EGY\n" },
	{ "همتای قطری‌اش محمد بن عبدالرحمن آل ثانی را دید.",
	  "محمد بن عبدالرحمن آل ثانی | mohammed-bin-abdulrahman-al-thani prime_minister QAT\n" },
	{ "احمد و سعید وزرای خارجه مصر و قطر دیدار کردند.",
	  "" },
	{ "لین جیان، سخنگوی وزارت خارجه چین گفت.",
	  "لین جیان | lin-jian foreign_ministry_spokesperson CHN\n" },
	{ "خاویر مارتینس آچا وزیر خارجه پاناما گفت.",
	  "خاویر مارتینس آچا | - foreign_minister PAN\n" },
	{ "مامادو تانگارا وزیر خارجه گامبیا گفت.",
	  "مامادو تانگارا | - foreign_minister GMB\n" },
	{ "هاکان فیدان وزیر خارجه ترکیه گفت. فیدان افزود.",
	  "هاکان فیدان | hakan-fidan foreign_minister TUR\n"
	  "هاکان فیدان | hakan-fidan foreign_minister TUR\n" },
	{ "رئیس جمهور وقت مصر آمد.",
	  "- | - president EGY\n" },
	{ "دبیرکل اتحادیه عرب احمد ابوالغیط گفت.",
	  "احمد ابوالغیط | ahmed-aboul-gheit secretary_general EGY\n" },
	{ "سفیر جمهوری آذربایجان در تهران علی علیزاده گفت.",
	  "علی علیزاده | - ambassador AZE\n" },
	{ "نخست‌وزیر مالی چوگل مایگا آمد.",
	  "چوگل مایگا | - prime_minister MLI\n" },
	{ "عبدالله دیوپ، وزیر امور خارجه مالی، گفت.",
	  "عبدالله دیوپ | - foreign_minister MLI\n" },
	{ "وزیر خارجه کنیا، موسالیا مودوادی، گفت.",
	  "موسالیا مودوادی | - foreign_minister KEN\n" },
	{ "وزير امور خارجه قطر شيخ محمد بن عبدالرحمن آل ثاني گفت.",
	  "محمد بن عبدالرحمن آل ثاني | mohammed-bin-abdulrahman-al-thani foreign_minister QAT\n" },
	{ "وزیرامورخارجه روسیه سرگئی لاوروف گفت.",
	  "سرگئی لاوروف | sergey-lavrov foreign_minister RUS\n" },
	{ "سانتیاگو پنیا رئیس‌جمهور پاراگوئه گفت.",
	  "سانتیاگو پنیا | santiago-pena president PRY\n" },
	{ "خورخه رودریگز، رئیس مجلس ونزوئلا گفت.",
	  "خورخه رودریگز | - speaker_of_parliament VEN\n" },
	{ "وانگ یی وزیر خارجه چین گفت. وانگ افزود.",
	  "وانگ یی | wang-yi foreign_minister CHN\n" },
	{ "مائو نینگ سخنگوی وزارت خارجه چین گفت. مائو افزود.",
	  "مائو نینگ | mao-ning foreign_ministry_spokesperson CHN\n" },
	{ "بختیار سعیداف وزیر خارجه ازبکستان آمد.",
	  "بختیار سعیداف | bakhtiyor-saidov foreign_minister UZB\n" },
	{ "یرمک کوشربایف وزیر خارجه قزاقستان آمد.",
	  "ارمک کوشربایف | yermek-kosherbayev foreign_minister KAZ\n" },
	{ "«فیصل بن فرحان» وزیر خارجه عربستان آمد.",
	  "فیصل بن فرحان | faisal-bin-farhan foreign_minister SAU\n" },
	{ "فیصل بن فرحان آل سعود وزیر امور خارجه عربستان سعودی آمد.",
	  "فیصل بن فرحان آل سعود | faisal-bin-farhan foreign_minister SAU\n" },
	{ "بدر عبدالعاطی وزیر خارجه مصر آمد. عبدالعاطی گفت.",
	  "بدر عبدالعاطی | badr-abdelatty foreign_minister EGY\n"
	  "بدر عبدالعاطی | badr-abdelatty foreign_minister EGY\n" },
	{ "ایوان خیل، وزیر خارجه ونزوئلا گفت.",
	  "ایوان خیل | yvan-gil foreign_minister VEN\n" },
	{ "ایوان خیل پینتو وزیر امور خارجه ونزوئلا گفت.",
	  "ایوان خیل | yvan-gil foreign_minister VEN\n" },
	{ "آرارات میرزویان، وزیر امور خارجه ارمنستان گفت. میرزویان افزود.",
	  "آرارات میرزویان | ararat-mirzoyan foreign_minister ARM\n"
	  "آرارات میرزویان | ararat-mirzoyan foreign_minister ARM\n" },
	{ "آقای تامبا سفیر غنا گفت.",
	  "تامبا | - ambassador GHA\n" },
	{ "خانم کایا کالاس مسئول سیاست خارجی اتحادیه اروپا گفت. کالاس افزود.",
	  "کایا کالاس | kaja-kallas high_representative EST\n"
	  "کایا کالاس | kaja-kallas high_representative EST\n" },
	{ "وزیر خارجه ایران و همتای ترکیه‌ای‌اش هاکان فیدان گفتگو کردند.",
	  "- | - foreign_minister IRN\n"
	  "هاکان فیدان | hakan-fidan foreign_minister TUR\n" },
	{ "وی با همتای عمانی‌اش، بدر البوسعیدی، دیدار کرد.",
	  "بدر البوسعیدی | badr-al-busaidi foreign_minister OMN\n" },
	{ "وزیر خارجه وقت سوریه ولید معلم آمد.",
	  "ولید معلم | walid-muallem foreign_minister SYR\n" },
	{ "احمد الشرع رئیس دولت موقت سوریه گفت.",
	  "احمد الشرع | ahmed-al-sharaa prime_minister SYR\n" },
	{ "اسعد الشیبانی وزیر خارجه دولت موقت سوریه گفت.",
	  "اسعد الشیبانی | asaad-al-shaibani foreign_minister SYR\n" },
	{ "رئیس جمهور سابق آمریکا جو بایدن گفت.",
	  "جو بایدن | joe-biden president USA\n" },
	{ "معاون وزیر خارجه ژاپن تاکهیرو فوناکوشی گفت.",
	  "تاکهیرو فوناکوشی | - deputy_foreign_minister JPN\n" },
	{ "تاکهیرو فوناکوشی معاون وزیر خارجه ژاپن گفت.",
	  "تاکهیرو فوناکوشی | - deputy_foreign_minister JPN\n" },
	{ "مجید تخت‌روانچی معاون سیاسی وزیر امور خارجه گفت.",
	  "مجید تخت‌روانچی | majid-takht-ravanchi deputy_foreign_minister IRN\n" },
	{ "کاظم غریب‌آبادی معاون حقوقی و بین‌المللی وزیر امور خارجه گفت.",
	  "کاظم غریب‌آبادی | kazem-gharibabadi deputy_foreign_minister IRN\n" },
	{ "سفیر و نماینده دائم ایران نزد سازمان ملل گفت.",
	  "- | - permanent_representative IRN\n" },
	{ "امیرسعید ایروانی سفیر و نماینده دائم ایران نزد سازمان ملل گفت.",
	  "امیر سعید ایروانی | amir-saeid-iravani permanent_representative IRN\n" },
	{ "وزیر خارجه روسیه متعاقبا گفت.",
	  "- | - foreign_minister RUS\n" },
	{ "وزیر خارجه آلمان یوهان وادفول گفت.",
	  "یوهان وادفول | johann-wadephul foreign_minister DEU\n" },
	{ "یوهان وادفول وزیر خارجه آلمان در نشست خبری گفت.",
	  "یوهان وادفول | johann-wadephul foreign_minister DEU\n" },
	{ "وزیر دفاع پاکستان خواجه آصف گفت.",
	  "خواجه محمد آصف | khawaja-muhammad-asif defence_minister PAK\n" },
	{ "شهباز شریف نخست وزیر پاکستان گفت. شریف افزود.",
	  "شهباز شریف | shehbaz-sharif prime_minister PAK\n"
	  "شهباز شریف | shehbaz-sharif prime_minister PAK\n" },
	{ "نخست‌وزیر هند نارندرا مودی گفت.",
	  "نارندرا مودی | narendra-modi prime_minister IND\n" },
	{ "نخست‌وزیر تایلند آنوتین چارنویراکول گفت.",
	  "آنوتین چارنویراکول | anutin-charnvirakul prime_minister THA\n" },
	{ "وزیر خارجه ویتنام له هوآی ترونگ گفت.",
	  "له هوآی ترونگ | - foreign_minister VNM\n" },
	{ "وزیر خارجه کره جنوبی چو هیون گفت.",
	  "چو هیون | cho-hyun foreign_minister KOR\n" },
	{ "چو هیون وزیر خارجه کره جنوبی گفت.",
	  "چو هیون | cho-hyun foreign_minister KOR\n" },
	{ "رئیس جمهور کره جنوبی لی جائه میونگ گفت.",
	  "لی جائه‌میونگ | lee-jae-myung president KOR\n" },
	{ "رونالد لامولا وزیر روابط بین‌الملل آفریقای جنوبی گفت.",
	  "رونالد لامولا | ronald-lamola minister ZAF\n" },
	{ "محمود علی یوسف رئیس کمیسیون اتحادیه آفریقا گفت.",
	  "محمود علی یوسف | - commission_president -\n" },
	{ "وزیر خارجه الجزایر احمد عطاف گفت.",
	  "احمد عطاف | ahmed-attaf foreign_minister DZA\n" },
	{ "احمد عطاف وزیر خارجه الجزایر گفت.",
	  "احمد عطاف | ahmed-attaf foreign_minister DZA\n" },
	{ "وزیر خارجه برزیل مائورو ویرا گفت.",
	  "مائورو ویرا | mauro-vieira foreign_minister BRA\n" },
	{ "خوان رامون د لا فوئنته وزیر خارجه مکزیک گفت.",
	  "خوان رامون د لا فوئنته | juan-ramon-de-la-fuente foreign_minister MEX\n" },
	{ "کلودیا شینباوم رئیس‌جمهور مکزیک گفت.",
	  "کلودیا شینباوم | claudia-sheinbaum president MEX\n" },
	{ "سفیر روسیه در ایران الکسی ددوف گفت.",
	  "الکسی ددوف | alexey-dedov ambassador RUS\n" },
	{ "نماینده ویژه رئیس‌جمهور روسیه در امور افغانستان گفت.",
	  "- | - special_envoy RUS\n" },
	{ "ضمیر کابلوف نماینده ویژه رئیس جمهور روسیه در امور افغانستان گفت.",
	  "ضمیر کابلوف | zamir-kabulov special_envoy RUS\n" },
	{ "مشاور ارشد رئیس‌جمهور امارات انور قرقاش گفت.",
	  "انور قرقاش | anwar-gargash adviser ARE\n" },
	{ "دستیار وزیر خارجه مصر گفت.",
	  "- | - assistant_foreign_minister EGY\n" },
	{ "پوتین دستورات تازه‌ای داد.",
	  "ولادیمیر پوتین | vladimir-putin president RUS\n" },
	{ "دستورات ترامپ درباره مهاجران اجرا شد.",
	  "دونالد ترامپ | donald-trump president USA\n" },
	{ "«ملانیا ترامپ» بانوی اول آمریکا گفت. ترامپ افزود.",
	  "ملانیا ترامپ | - - -\n"
	  "دونالد ترامپ | donald-trump president USA\n" },
	{ "رئیس‌جمهور و وزیر خارجه ایران گفتند.",
	  "- | - president IRN\n" },
	{ "اوباما گفت. دولت آمریکا نپذیرفت.",
	  "باراک اوباما | barack-obama president USA\n" },
	{ "خوان رامون د لا فوئنته وزیر خارجه مکزیک گفت.",
	  "خوان رامون د لا فوئنته | juan-ramon-de-la-fuente foreign_minister MEX\n" },
	{ "وزیر خارجه بلژیک ماکسیم پروو گفت.",
	  "ماکسیم پروو | maxime-prevot foreign_minister BEL\n" },
	{ "عبداللطيف رشيد رئيس جمهور عراق گفت.",
	  "عبداللطیف رشید | abdul-latif-rashid president IRQ\n" },
	{ "فؤاد حسين وزير خارجه عراق گفت.",
	  "فؤاد حسین | fuad-hussein foreign_minister IRQ\n" },
	{ "«فواد حسین»وزیرخارجه عراق گفت.",
	  "فؤاد حسین | fuad-hussein foreign_minister IRQ\n" },
	{ "وزیر خارجه‌ی عراق، فؤاد حسین گفت.",
	  "فؤاد حسین | fuad-hussein foreign_minister IRQ\n" },
	{ "وزیرخارجه عراق گفت.",
	  "- | - foreign_minister IRQ\n" },
	{ "آقای کلمان سفیر اتریش گفت. کلمان افزود.",
	  "کلمان | - ambassador AUT\n" },
	{ "آقای هالر و خانم لیندمان دیدار کردند.",
	  "هالر | - - -\n"
	  "لیندمان | - - -\n" },
	{ "کاوه رستمیان و بهرام نیک‌پور وزرای خارجه ایران و تاجیکستان دیدار کردند.",
	  "کاوه رستمیان | - foreign_minister IRN\n"
	  "بهرام نیک‌پور | - foreign_minister TJK\n" },
	{ "هندرا ویجایا و روسا کویسپه، وزرای خارجه اندونزی و پرو دیدار کردند.",
	  "هندرا ویجایا | - foreign_minister IDN\n"
	  "روسا کویسپه | - foreign_minister PER\n" },
	{ "همتای قطری‌اش گفت.",
	  "- | - - QAT\n" },
	{ "با همتای پرویی خود روسا کویسپه دیدار کرد.",
	  "روسا کویسپه | - - PER\n" },
	{ "رئیس‌جمهور وقت برزیل ژائیر سوارس گفت.",
	  "ژائیر سوارس | - president BRA\n" },
	{ "نخست‌وزیر پیشین مالی گفت.",
	  "- | - prime_minister MLI\n" },
	{ "رئیس‌جمهور مالی عاصیمی گویتا گفت.",
	  "عاصیمی گویتا | - president MLI\n" },
	{ "معاون مالی وزیر نفت ایران گفت.",
	  "- | - deputy_minister IRN\n" },
	{ "مدیر مالی شرکت گفت.",
	  "" },
	{ "بازار مالی روسیه افت کرد.",
	  "" },
	{ "حمد بن جاسم آل‌خلیفه، وزیر کار بحرین گفت. آل‌خلیفه افزود.",
	  "حمد بن جاسم آل‌خلیفه | - labour_minister BHR\n" },
	{ "عبدالرحمن آل‌مکتوم سفیر امارات گفت.",
	  "عبدالرحمن آل‌مکتوم | - ambassador ARE\n" },
	{ "ناصر آل‌ثانی وزیر ورزش قطر گفت.",
	  "ناصر آل‌ثانی | - sports_minister QAT\n" },
	{ "محمدصالح المنصوری معاون وزیر خارجه عمان گفت. المنصوری افزود.",
	  "محمدصالح المنصوری | - deputy_foreign_minister OMN\n"
	  "محمدصالح المنصوری | - deputy_foreign_minister OMN\n" },
	{ "مراد یلدیریم‌اوغلو وزیر انرژی ترکیه گفت. یلدیریم‌اوغلو افزود.",
	  "مراد یلدیریم‌اوغلو | - energy_minister TUR\n"
	  "مراد یلدیریم‌اوغلو | - energy_minister TUR\n" },
	{ "ژانگ ون‌بو سخنگوی وزارت دفاع چین گفت.",
	  "ژانگ ون‌بو | - military_spokesperson CHN\n" },
	{ "چن لی‌هوا، سفیر چین در تهران، گفت.",
	  "چن لی‌هوا | - ambassador CHN\n" },
	{ "وزیر خارجه سنگال یاسین دیالو گفت. دیالو افزود.",
	  "یاسین دیالو | - foreign_minister SEN\n"
	  "یاسین دیالو | - foreign_minister SEN\n" },
	{ "کوفی اسانته وزیر خارجه غنا گفت.",
	  "کوفی اسانته | - foreign_minister GHA\n" },
	{ "آمادو اوئدرائوگو، رئیس مجلس بورکینافاسو، گفت.",
	  "آمادو اوئدرائوگو | - speaker_of_parliament BFA\n" },
	{ "دیه‌گو آلوارادو، معاون رئیس‌جمهور اکوادور، گفت.",
	  "دیه‌گو آلوارادو | - vice_president ECU\n" },
	{ "ماریا فرناندا سالسدو وزیر دفاع کلمبیا گفت.",
	  "ماریا فرناندا سالسدو | - defence_minister COL\n" },
	{ "مشاور امنیت ملی عراق گفت.",
	  "- | - national_security_adviser IRQ\n" },
	{ "رئیس دفتر نخست‌وزیر عراق گفت.",
	  "- | - chief_of_office IRQ\n" },
	{ "سخنگوی رئیس‌جمهور ترکیه گفت.",
	  "- | - spokesperson TUR\n" },
	{ "سخنگوی نخست‌وزیر عراق گفت.",
	  "- | - government_spokesperson IRQ\n" },
	{ "معاون امور آسیای وزارت خارجه چین گفت.",
	  "- | - deputy_minister CHN\n" },
	{ "قائم‌مقام وزیر خارجه ایران گفت.",
	  "- | - deputy_foreign_minister IRN\n" },
	{ "معاون اجرایی رئیس‌جمهور گفت.",
	  "- | - vice_president -\n" },
	{ "دستیار ارشد وزیر امور خارجه گفت.",
	  "- | - assistant_foreign_minister -\n" },
	{ "مشاور سیاسی رئیس‌جمهور فرانسه گفت.",
	  "- | - adviser FRA\n" },
	{ "مدیرکل خلیج فارس وزارت امور خارجه گفت.",
	  "- | - director_general -\n" },
	{ "معاون وزیر خارجه روسیه گفت.",
	  "- | - deputy_foreign_minister RUS\n" },
	{ "نماینده ویژه وزیر خارجه چین گفت.",
	  "- | - special_envoy CHN\n" },
	{ "مرکل گفت باران می‌آید.",
	  "مرکل | - - -\n" },
	{ "بلر گفت که این کار درست نبود.",
	  "بلر | - - -\n" },
	{ "سارکوزی با رئیس‌جمهور فرانسه دیدار کرد.",
	  "نیکولا سارکوزی | nicolas-sarkozy president FRA\n"
	  "- | - president FRA\n" },
	{ "نیکول لاوروف، پژوهشگر دانشگاه، گفت.",
	  "نیکول لاوروف | - - -\n" },
	{ "ورونیکا پوتین، سفیر کانادا در رم، گفت. پوتین افزود.",
	  "ورونیکا پوتین | - ambassador CAN\n"
	  "ورونیکا پوتین | - ambassador CAN\n" },
	{ "امیر قطر گفت. شیخ تمیم افزود.",
	  "- | - emir QAT\n"
	  "شیخ تمیم | tamim-bin-hamad-al-thani emir QAT\n" },
	{ "جیهون بایراموف وزیر خارجه آذربایجان گفت. بایراموف افزود.",
	  "جیهون بایراموف | jeyhun-bayramov foreign_minister AZE\n"
	  "جیهون بایراموف | jeyhun-bayramov foreign_minister AZE\n" },
	{ "اسد گفت. رئیس‌جمهور سوریه افزود.",
	  "بشار اسد | bashar-al-assad president SYR\n"
	  "- | - president SYR\n" },
	{ "کری گفت.",
	  "کری | - - -\n" },
	{ "با بیش از بیست کشور توافق شد.",
	  "" },
	{ "از این بیش نمی‌گوییم.",
	  "" },
	{ "وزیر خارجه پرو گفت. روسا کویسپه وزیر خارجه پرو است.",
	  "- | - foreign_minister PER\n"
	  "روسا کویسپه | - foreign_minister PER\n" },
	{ "نخست‌وزیر ژاپن گفت. تارو یامادا، نخست‌وزیر ژاپن، آمد.",
	  "- | - prime_minister JPN\n"
	  "تارو یامادا | - prime_minister JPN\n" },
	{ "محمد ادریس دبی، رئیس جمهوری چاد دیدار کرد. دبی گفت. او در دبی ماند.",
	  "محمد ادریس دبی | mahamat-deby president TCD\n"
	  "محمد ادریس دبی | mahamat-deby president TCD\n" },
};
/* clang-format on */

static void
append(struct pk_buf *out, const char *before, struct pk_span word)
{
	pk_buf_printf(
	    out, "%s%.*s", before, PK_SPAN_ARG(word.len > 0 ? word : PK_SPAN("-")));
}

static void
check_case(void **state)
{
	const struct people_case *c = *state;
	const struct pk_names_context context = {
		.publisher = { .country = PK_SPAN("IRN") },
		.day = pk_gregorian_to_day((struct pk_date){ 2026, 3, 2 }),
		.has_day = true,
	};
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(1 << 22);
	struct pk_text text = parse(arena, c->text);
	struct pk_mentions mentions;
	struct pk_buf got;

	assert_int_equal(pk_mentions_find(arena, fa, &text, &context, &mentions), 0);
	pk_buf_init(&got, 0);
	for (size_t i = 0; i < mentions.len; i++) {
		const struct pk_entity *entity = &mentions.items[i].entity;
		assert_null(mentions.items[i].guess);
		if (mentions.items[i].named != PK_NAMED_PERSON &&
		    mentions.items[i].named != PK_NAMED_ROLE)
			continue;
		append(&got, "", entity->name.native);
		append(&got, " | ", entity->id);
		append(&got, " ", entity->role.id);
		append(&got, " ", entity->country);
		pk_buf_append_char(&got, '\n');
	}
	assert_span(pk_buf_span(&got), c->people);
	pk_buf_done(&got);
}

/* A headline says «البدری»; who that is stands in the article. */
static void
titles_know_the_article(void **state)
{
	struct pk_names_context context = {
		.day = pk_gregorian_to_day((struct pk_date){ 2026, 3, 2 }),
		.has_day = true,
	};
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(1 << 22);
	struct pk_text body =
	    parse(arena, "هشام البدری، سخنگوی وزارت خارجه لیبی، گفت.");
	struct pk_text title = parse(arena, "البدری: باران می‌آید");
	struct pk_mentions article, mentions;

	(void)state;
	assert_int_equal(pk_mentions_find(arena, fa, &body, &context, &article), 0);
	context.article = &article;
	assert_int_equal(pk_mentions_find(arena, fa, &title, &context, &mentions), 0);
	assert_int_equal(mentions.len, 1);
	assert_span(mentions.items[0].entity.name.native, "هشام البدری");
	assert_span(mentions.items[0].entity.country, "LBY");
}

int
main(void)
{
	struct CMUnitTest tests[PK_COUNT(cases) + 1] = {
		[PK_COUNT(cases)] = cmocka_unit_test(titles_know_the_article),
	};

	for (size_t i = 0; i < PK_COUNT(cases); i++)
		tests[i] = (struct CMUnitTest){ cases[i].text, check_case, NULL, NULL,
			(void *)(uintptr_t)&cases[i] };
	return cmocka_run_group_tests_name(
	    "extract/names/people", tests, load_fa, free_fa);
}
