package sample

import "github.com/muster-groups/muster"

// good is a product of the demonstration shop.
type good struct {
	slug, name, category string
	price                muster.Decimal
}

func euros(n int64) muster.Decimal { return muster.Decimal(n)*muster.DecimalOne - muster.DecimalOne/20 }

// goods are the shop's products, the most wanted first.
var goods = []good{
	{"trail-runner-2", "Trail Runner 2", "shoes", euros(130)},
	{"ridge-jacket", "Ridge Jacket", "jackets", euros(220)},
	{"daypack-22", "Daypack 22", "backpacks", euros(95)},
	{"merino-shirt", "Merino Shirt", "clothing", euros(70)},
	{"summit-boot", "Summit Boot", "shoes", euros(245)},
	{"dome-tent-2", "Dome Tent 2", "tents", euros(380)},
	{"headlamp-400", "Headlamp 400", "equipment", euros(55)},
	{"down-vest", "Down Vest", "jackets", euros(150)},
	{"trekking-poles", "Trekking Poles", "equipment", euros(90)},
	{"sleeping-bag-0", "Sleeping Bag 0 °C", "tents", euros(210)},
	{"insulated-bottle", "Insulated Bottle", "equipment", euros(30)},
	{"hike-trousers", "Hike Trousers", "clothing", euros(110)},
	{"tour-pack-45", "Tour Pack 45", "backpacks", euros(190)},
	{"rain-shell", "Rain Shell", "jackets", euros(180)},
	{"wool-socks", "Wool Socks", "clothing", euros(20)},
	{"gas-stove", "Gas Stove", "equipment", euros(60)},
	{"family-tent-5", "Family Tent 5", "tents", euros(690)},
	{"kids-pack-10", "Kids Pack 10", "backpacks", euros(45)},
	{"climbing-shoe", "Climbing Shoe", "shoes", euros(140)},
	{"gps-watch", "GPS Watch", "equipment", euros(420)},
	{"sleeping-mat", "Sleeping Mat", "tents", euros(120)},
	{"sun-hat", "Sun Hat", "clothing", euros(35)},
	{"ski-touring-set", "Ski Touring Set", "equipment", euros(1150)},
	{"winter-parka", "Winter Parka", "jackets", euros(340)},
}

// articles are the pages of the magazine, the most read first.
var articles = []string{
	"ten-huts-in-the-alps", "how-to-pack-a-backpack", "boots-that-fit", "winter-camping", "hiking-with-children", "layering-explained",
	"thru-hike-diary", "best-trails-near-munich", "care-for-your-tent", "weather-in-the-mountains", "trail-running-for-beginners",
	"cooking-outdoors", "map-and-compass", "first-aid-kit", "autumn-colours", "leave-no-trace",
}

var searches = []string{"rain jacket", "hiking boots", "tent", "backpack 40l", "sleeping bag", "gift card", "trail shoes wide", "headlamp", "merino", "kids jacket", "ski touring", "size guide"}

var (
	sources   = []string{"search", "newsletter", "social", "partner", "display"}
	referrers = []string{"https://search.example/", "https://social.example/feed", "https://trail-forum.example/t/1203", "https://partner.example/outdoor", ""}
	mailHosts = []string{"mail.example", "post.example", "web.example", "inbox.example"}
	campaigns = []string{"brand", "summer-sale", "winter-sale", "back-to-trail", "black-week"}
)
